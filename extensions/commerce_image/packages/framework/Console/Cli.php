<?php

declare(strict_types=1);

namespace Magento\Framework\Console;

use Magento\Framework\App\Bootstrap;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\App\GeneratedFiles;
use Magento\Framework\App\ProductMetadata;
use Magento\Framework\Exception\FileSystemException;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Setup\Console\DiCompileCommand;
use Symfony\Component\Console\Application;
use Symfony\Component\Console\Output\ConsoleOutput;
use Throwable;

/**
 * bin/magento.
 */
class Cli extends Application
{
    private const NAME = 'Magento CLI';

    /**
     * @param array<string, mixed> $server as $_SERVER
     * @return int exit status
     */
    public static function start(string $root, array $server): int
    {
        $application = new self(self::NAME, (new ProductMetadata())->getVersion());
        try {
            self::prepareCompilation($root, $server['argv'][1] ?? '');
            $objectManager = Bootstrap::create($root, $server)->getObjectManager();
            $application->addCommands($objectManager->get(CommandList::class)->getCommands());
        } catch (Throwable $error) {
            $application->renderThrowable($error, (new ConsoleOutput())->getErrorOutput());

            return 1;
        }

        return $application->run();
    }

    /**
     * A compilation must not be wired by what it is to replace: so generated/ is emptied before anything starts.
     *
     * @throws FileSystemException when a request writes into generated/ meanwhile
     */
    private static function prepareCompilation(string $root, string $command): void
    {
        if ($command === DiCompileCommand::NAME) {
            (new GeneratedFiles(new DirectoryList($root), new File()))->clean();
        }
    }
}
