<?php

declare(strict_types=1);

namespace Magento\CloudPatches\Command;

use Magento\CloudPatches\Patch;
use Magento\CloudPatches\PatchException;
use Magento\CloudPatches\Status;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class ApplyCommand extends ChangeCommand
{
    protected function configure(): void
    {
        $this->setName('apply');
        $this->setDescription('Applies patches. The list of patches should pass as a command argument');
        $mode = InputArgument::REQUIRED | InputArgument::IS_ARRAY;
        $this->addArgument(self::ARGUMENT, $mode, 'List of patches to apply');
    }

    /**
     * @return list<string>
     * @throws \Magento\CloudPatches\PatchException
     */
    protected function ids(InputInterface $input): array
    {
        return $input->getArgument(self::ARGUMENT);
    }

    protected function change(InputInterface $input, OutputInterface $output): void
    {
        $requested = $this->catalogue->find($this->ids($input));
        $statuses = $this->statusReader->read($this->catalogue->patches());
        $patches = [];
        foreach ($requested as $patch) {
            $patches += $this->catalogue->withRequired($patch);
        }
        $this->confirmRequired(array_diff_key($patches, $requested), $statuses, $input, $output);
        $this->confirmDeprecated($requested, $statuses, $input, $output);
        $this->revertReplaced($patches, $statuses, $input, $output);

        $applied = [];
        foreach ($patches as $id => $patch) {
            if ($statuses[$id] === Status::Applied) {
                $output->writeln(["Patch $id ($patch->file) was already applied", ''], OutputInterface::OUTPUT_RAW);
                continue;
            }
            try {
                $this->runner->apply($patch);
            } catch (PatchException $e) {
                $output->writeln("Error: patch $id can't be applied", OutputInterface::OUTPUT_RAW);
                $this->rollback($applied, $output);
                throw $e;
            }
            $applied[] = $patch;
            $this->report($patch, 'applied', $output);
        }
    }

    /**
     * @param array<string, Patch> $required
     * @param array<string, Status> $statuses
     */
    private function confirmRequired(
        array $required,
        array $statuses,
        InputInterface $input,
        OutputInterface $output,
    ): void {
        $missing = array_filter($required, static fn (Patch $patch): bool => $statuses[$patch->id] !== Status::Applied);
        if ($missing !== []) {
            $ids = implode(', ', array_keys($missing));
            $this->confirm("These patches are required and will be applied too: $ids. Go on?", $input, $output);
        }
    }

    /**
     * @param array<string, Patch> $requested
     * @param array<string, Status> $statuses
     */
    private function confirmDeprecated(
        array $requested,
        array $statuses,
        InputInterface $input,
        OutputInterface $output,
    ): void {
        foreach ($requested as $id => $patch) {
            if ($patch->isDeprecated && $statuses[$id] !== Status::Applied) {
                $this->confirm("Patch $id is deprecated; recommended is $patch->replacement. Go on?", $input, $output);
            }
        }
    }

    /**
     * @param array<string, Patch> $patches
     * @param array<string, Status> $statuses
     */
    private function revertReplaced(
        array $patches,
        array $statuses,
        InputInterface $input,
        OutputInterface $output,
    ): void {
        foreach ($this->catalogue->patches() as $id => $patch) {
            if (isset($patches[$patch->replacement]) && $statuses[$id] === Status::Applied) {
                $question = "Patch $id is replaced by $patch->replacement and will be reverted. Go on?";
                $this->confirm($question, $input, $output);
                $this->runner->revert($patch);
                $this->report($patch, 'reverted', $output);
            }
        }
    }

    /** @param list<Patch> $applied */
    private function rollback(array $applied, OutputInterface $output): void
    {
        if ($applied === []) {
            return;
        }
        $output->writeln('Start of rollback');
        foreach (array_reverse($applied) as $patch) {
            $this->runner->revert($patch);
            $this->report($patch, 'reverted', $output);
        }
        $output->writeln('End of rollback');
    }
}
