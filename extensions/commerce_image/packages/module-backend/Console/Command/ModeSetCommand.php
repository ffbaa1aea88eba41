<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;
use Magento\Framework\App\GeneratedFiles;
use Magento\Framework\App\MaintenanceMode;
use Magento\Framework\App\State;
use Magento\Framework\Setup\Console\DiCompileCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Production mode is entered compiled, under maintenance, unless that is declined; developer mode uncompiled.
 */
class ModeSetCommand extends Command
{
    private const MODE = 'mode';
    private const SKIP_COMPILATION = 'skip-compilation';

    public function __construct(
        private readonly Writer $writer,
        private readonly MaintenanceMode $maintenanceMode,
        private readonly GeneratedFiles $generatedFiles,
    ) {
        parent::__construct('deploy:mode:set');
        $this->setDescription('Set application mode.');
        $this->addArgument(self::MODE, InputArgument::REQUIRED, 'The application mode to set.');
        $description = 'Skips the clearing and regeneration of static content (generated code)';
        $this->addOption(self::SKIP_COMPILATION, 's', InputOption::VALUE_NONE, $description);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $mode = (string)$input->getArgument(self::MODE);
        if (!in_array($mode, State::MODES, true)) {
            throw new InvalidArgumentException("Cannot switch into given mode \"$mode\"");
        }
        $isCompiled = $mode === State::MODE_PRODUCTION && !$input->getOption(self::SKIP_COMPILATION);
        if ($isCompiled && !$this->compile($output)) {
            return self::FAILURE;
        }
        if ($mode === State::MODE_DEVELOPER) {
            $this->generatedFiles->clean();
        }
        $this->writer->merge(DeploymentConfig::ENV_FILE, [State::MODE_KEY => $mode]);
        $output->writeln("Enabled $mode mode.");

        return self::SUCCESS;
    }

    /**
     * By a process of its own: this one is wired by what the compilation replaces.
     */
    private function compile(OutputInterface $output): bool
    {
        $wasInMaintenance = $this->maintenanceMode->isOn();
        $this->maintenanceMode->set(true);
        $output->writeln(['Enabled maintenance mode', 'Starting compilation']);
        $argv = [PHP_BINARY, $_SERVER['argv'][0], DiCompileCommand::NAME];
        passthru(implode(' ', array_map(escapeshellarg(...), $argv)), $status);
        if ($status === self::SUCCESS) {
            $this->maintenanceMode->set($wasInMaintenance);
            $output->writeln('Disabled maintenance mode');
        }

        return $status === self::SUCCESS;
    }
}
