<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Console;

use Magento\Framework\App\Cache\FrontendPool;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Setup\Di\Compiler;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class DiCompileCommand extends Command
{
    public const NAME = 'setup:di:compile';
    private const CACHE_DIRECTORY = '/cache';

    public function __construct(
        private readonly Compiler $compiler,
        private readonly FrontendPool $frontendPool,
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
        parent::__construct(self::NAME);
        $this->setDescription('Generates DI configuration and all missing classes that can be auto-generated');
    }

    /**
     * Cleans every cache frontend, not only the types that hold wiring, and removes the directory of the files.
     */
    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        foreach ($this->frontendPool->getAll() as $backend) {
            $backend->cleanAll();
        }
        $this->file->deleteDirectory($this->directoryList->getVar() . self::CACHE_DIRECTORY);
        $output->writeln('Compilation was started.');
        try {
            $this->compiler->compile();
        } catch (LocalizedException $error) {
            $output->writeln('<error>' . $error->getMessage() . '</error>');

            return self::FAILURE;
        }
        $output->writeln('<info>Generated code and dependency injection configuration successfully.</info>');

        return self::SUCCESS;
    }
}
