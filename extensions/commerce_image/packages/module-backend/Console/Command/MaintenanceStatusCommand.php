<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\MaintenanceMode;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class MaintenanceStatusCommand extends Command
{
    public function __construct(private readonly MaintenanceMode $maintenanceMode)
    {
        parent::__construct('maintenance:status');
        $this->setDescription('Displays maintenance mode status');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $state = $this->maintenanceMode->isOn() ? 'active' : 'not active';
        $addresses = implode(' ', $this->maintenanceMode->getAddresses()) ?: 'none';
        $output->writeln("<info>Status: maintenance mode is $state</info>");
        $output->writeln("<info>List of exempt IP-addresses: $addresses</info>");

        return self::SUCCESS;
    }
}
