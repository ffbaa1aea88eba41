<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Console;

use Magento\Framework\App\Cache\FrontendPool;
use Magento\Framework\App\GeneratedFiles;
use Magento\Framework\Setup\Installer;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

class UpgradeCommand extends Command
{
    private const KEEP_GENERATED = 'keep-generated';

    public function __construct(
        private readonly Installer $installer,
        private readonly FrontendPool $frontendPool,
        private readonly GeneratedFiles $generatedFiles,
    ) {
        parent::__construct('setup:upgrade');
        $this->setDescription('Upgrades the Magento application, DB data, and schema');
        $description = 'Prevents generated files from being deleted.';
        $this->addOption(self::KEEP_GENERATED, null, InputOption::VALUE_NONE, $description);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        foreach ($this->frontendPool->getAll() as $backend) {
            $backend->cleanAll();
        }
        $output->writeln('<info>Cache cleared successfully</info>');
        if (!$input->getOption(self::KEEP_GENERATED)) {
            $this->generatedFiles->clean();
        }
        $this->installer->upgrade();
        $output->writeln('<info>Nothing to import.</info>');

        return self::SUCCESS;
    }
}
