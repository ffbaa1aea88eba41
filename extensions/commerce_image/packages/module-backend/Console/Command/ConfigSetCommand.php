<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\Config\ScopeConfig;
use Magento\Framework\App\Config\SettingsWriter;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class ConfigSetCommand extends Command
{
    private const PATH = 'path';
    private const VALUE = 'value';
    private const PATH_PATTERN = '~^\w+/\w+/\w+(/\w+)*$~D';

    public function __construct(
        private readonly SettingsWriter $settingsWriter,
        private readonly ScopeConfig $scopeConfig,
        private readonly ScopeOptions $scopeOptions,
    ) {
        parent::__construct('config:set');
        $this->setDescription('Change system configuration');
        $description = 'Configuration path in format section/group/field_name';
        $this->addArgument(self::PATH, InputArgument::REQUIRED, $description);
        $this->addArgument(self::VALUE, InputArgument::REQUIRED, 'Configuration value');
        $scopeOptions->addTo($this);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $path = (string)$input->getArgument(self::PATH);
        if (preg_match(self::PATH_PATTERN, $path) !== 1) {
            throw new InvalidArgumentException("The \"$path\" path doesn't exist. Verify and try again.");
        }
        $this->settingsWriter->save(
            $path,
            (string)$input->getArgument(self::VALUE),
            $this->scopeOptions->readScope($input),
            $this->scopeOptions->readId($input),
        );
        $this->scopeConfig->clean();
        $output->writeln('<info>Value was saved.</info>');

        return self::SUCCESS;
    }
}
