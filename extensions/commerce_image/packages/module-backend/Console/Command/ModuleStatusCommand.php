<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\Module\ModuleList;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class ModuleStatusCommand extends Command
{
    private const MODULES = 'module-names';

    public function __construct(private readonly ModuleList $moduleList)
    {
        parent::__construct('module:status');
        $this->setDescription('Displays status of modules');
        $this->addArgument(self::MODULES, InputArgument::IS_ARRAY, 'Optional module name');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $named = $input->getArgument(self::MODULES);
        if ($named === []) {
            $this->writeLists($output);
        }
        foreach ($named as $name) {
            $output->writeln("$name : " . $this->describe($name));
        }

        return self::SUCCESS;
    }

    private function describe(string $name): string
    {
        return match (true) {
            isset($this->moduleList->getEnabled()[$name]) => '<info>Module is enabled</info>',
            in_array($name, $this->moduleList->getAllNames(), true) => '<error>Module is disabled</error>',
            default => '<error>Module does not exist</error>',
        };
    }

    private function writeLists(OutputInterface $output): void
    {
        $enabled = array_keys($this->moduleList->getEnabled());
        $disabled = array_diff($this->moduleList->getAllNames(), $enabled);
        $output->writeln(['<info>List of enabled modules:</info>', ...($enabled ?: ['None']), '']);
        $output->writeln(['<info>List of disabled modules:</info>', ...($disabled ?: ['None'])]);
    }
}
