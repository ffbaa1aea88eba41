<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Console;

use Magento\Framework\Setup\Installer;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

class InstallCommand extends Command
{
    /** Without dashes => description. */
    private const OPTIONS = [
        'base-url' => 'URL the store is supposed to be available at',
        'backend-frontname' => 'Backend frontname',
        'base-url-secure' => 'Base URL for SSL connection',
        'cache-id-prefix' => 'ID prefix for cache keys',
        'currency' => 'Default currency code',
        'db-host' => 'Database server host',
        'db-name' => 'Database name',
        'db-user' => 'Database server username',
        'db-password' => 'Database server password',
        'db-prefix' => 'Database table prefix',
        'key' => 'Encryption key',
        'language' => 'Default language code',
        'session-save' => 'Session save handler',
        'timezone' => 'Default time zone code',
        'use-rewrites' => 'Use rewrites',
        'use-secure' => 'Use secure URLs',
    ];

    public function __construct(private readonly Installer $installer)
    {
        parent::__construct('setup:install');
        $this->setDescription('Installs the Magento application');
        foreach (self::OPTIONS as $name => $description) {
            $this->addOption($name, null, InputOption::VALUE_REQUIRED, $description);
        }
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $output->writeln('<info>Starting Magento installation:</info>');
        $this->installer->install(array_intersect_key($input->getOptions(), self::OPTIONS));
        $output->writeln('<info>[SUCCESS]: Magento installation complete.</info>');

        return self::SUCCESS;
    }
}
