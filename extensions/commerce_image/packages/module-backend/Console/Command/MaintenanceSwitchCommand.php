<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\MaintenanceMode;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * maintenance:enable and maintenance:disable.
 */
abstract class MaintenanceSwitchCommand extends Command
{
    private const IP = 'ip';
    private const NO_ADDRESSES = 'none';

    public function __construct(
        private readonly MaintenanceMode $maintenanceMode,
        private readonly bool $isOn,
    ) {
        parent::__construct($isOn ? 'maintenance:enable' : 'maintenance:disable');
        $this->setDescription($isOn ? 'Enables maintenance mode' : 'Disables maintenance mode');
        $description = "Allowed IP addresses (use 'none' to clear allowed IP list)";
        $this->addOption(self::IP, null, InputOption::VALUE_IS_ARRAY | InputOption::VALUE_REQUIRED, $description);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $addresses = $input->getOption(self::IP);
        $kept = array_values(array_diff($addresses, [self::NO_ADDRESSES]));
        foreach ($kept as $address) {
            if (filter_var($address, FILTER_VALIDATE_IP) === false) {
                throw new InvalidArgumentException("Invalid IP $address");
            }
        }
        $this->maintenanceMode->set($this->isOn);
        $done = $this->isOn ? 'Enabled' : 'Disabled';
        $output->writeln("<info>$done maintenance mode</info>");
        if ($addresses !== []) {
            $this->maintenanceMode->setAddresses($kept);
            $set = implode(' ', $kept) ?: self::NO_ADDRESSES;
            $output->writeln("<info>Set exempt IP-addresses: $set</info>");
        }

        return self::SUCCESS;
    }
}
