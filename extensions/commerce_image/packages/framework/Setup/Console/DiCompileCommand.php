<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Console;

use Magento\Framework\App\Cache\FrontendPool;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Setup\Di\Compiler;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class DiCompileCommand extends Command
{
    public const NAME = 'setup:di:compile';

    public function __construct(
        private readonly Compiler $compiler,
        private readonly FrontendPool $frontendPool,
    ) {
        parent::__construct(self::NAME);
        $this->setDescription('Generates DI configuration and all missing classes that can be auto-generated');
    }

    /**
     * Cleans every cache frontend, not only the types that hold wiring.
     */
    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        foreach ($this->frontendPool->getAll() as $backend) {
            $backend->cleanAll();
        }
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
