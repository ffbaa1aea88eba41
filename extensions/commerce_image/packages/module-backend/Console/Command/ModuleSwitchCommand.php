<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\Cache\Manager;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;
use Magento\Framework\App\GeneratedFiles;
use Magento\Framework\Module\ModuleList;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * module:enable and module:disable.
 */
abstract class ModuleSwitchCommand extends Command
{
    private const MODULES = 'module';

    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly Writer $writer,
        private readonly Manager $cacheManager,
        private readonly GeneratedFiles $generatedFiles,
        private readonly bool $isEnabled,
    ) {
        parent::__construct($isEnabled ? 'module:enable' : 'module:disable');
        $this->setDescription($isEnabled ? 'Enables specified modules' : 'Disables specified modules');
        $this->addArgument(self::MODULES, InputArgument::IS_ARRAY | InputArgument::REQUIRED, 'Name of the module');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $named = $input->getArgument(self::MODULES);
        $unknown = array_diff($named, $this->moduleList->getAllNames());
        if ($unknown !== []) {
            throw new InvalidArgumentException('Unknown module(s): ' . implode(', ', $unknown));
        }
        $enabled = array_keys($this->moduleList->getEnabled());
        $changed = $this->isEnabled ? array_diff($named, $enabled) : array_intersect($named, $enabled);
        if ($changed === []) {
            $output->writeln('<info>No modules were changed.</info>');

            return self::SUCCESS;
        }
        $states = array_fill_keys($changed, (int)$this->isEnabled);
        $this->writer->merge(DeploymentConfig::CONFIG_FILE, ['modules' => $states]);
        $this->cacheManager->clean($this->cacheManager->getAvailableTypes());
        $this->generatedFiles->clean();
        $this->report($changed, $output);

        return self::SUCCESS;
    }

    /**
     * @param array<string> $changed
     */
    private function report(array $changed, OutputInterface $output): void
    {
        $state = $this->isEnabled ? 'enabled' : 'disabled';
        $output->writeln("<info>The following modules have been $state:</info>");
        $output->writeln(array_map(fn (string $name): string => "<info>- $name</info>", $changed));
        $output->writeln([
            '',
            "<info>To make sure that the enabled modules are properly registered, run 'setup:upgrade'.</info>",
            '<info>Cache cleared successfully.</info>',
            '<info>Generated classes cleared successfully. '
                . "Please run the 'setup:di:compile' command to generate classes.</info>",
        ]);
    }
}
