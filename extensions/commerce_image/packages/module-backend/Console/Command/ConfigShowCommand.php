<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class ConfigShowCommand extends Command
{
    private const PATH = 'path';

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly ScopeOptions $scopeOptions,
    ) {
        parent::__construct('config:show');
        $this->setDescription('Shows configuration value for given path.');
        $description = 'Configuration path in format section/group/field_name';
        $this->addArgument(self::PATH, InputArgument::REQUIRED, $description);
        $scopeOptions->addTo($this);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $path = (string)$input->getArgument(self::PATH);
        $value = $this->scopeConfig->getValue(
            $path,
            $this->scopeOptions->readScope($input),
            $this->scopeOptions->readCode($input),
        );
        if ($value === null) {
            $output->writeln("<error>Configuration for path: \"$path\" doesn't exist</error>");

            return self::FAILURE;
        }
        $output->writeln($value);

        return self::SUCCESS;
    }
}
