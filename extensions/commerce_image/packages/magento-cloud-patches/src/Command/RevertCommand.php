<?php

declare(strict_types=1);

namespace Magento\CloudPatches\Command;

use Magento\CloudPatches\Patch;
use Magento\CloudPatches\PatchException;
use Magento\CloudPatches\Status;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

final class RevertCommand extends ChangeCommand
{
    private const ALL = 'all';

    protected function configure(): void
    {
        $this->setName('revert');
        $this->setDescription(
            'Reverts patches. The list of patches should pass as a command argument '
            . 'or use option --all to revert all patches'
        );
        $this->addArgument(self::ARGUMENT, InputArgument::IS_ARRAY, 'List of patches to revert');
        $this->addOption(self::ALL, 'a', InputOption::VALUE_NONE, 'Reverts all patches');
    }

    protected function change(InputInterface $input, OutputInterface $output): void
    {
        $ids = $input->getArgument(self::ARGUMENT);
        if ($ids === [] && !$input->getOption(self::ALL)) {
            throw new PatchException('The patch list argument or --all option is required.');
        }
        $requested = $this->catalogue->find($ids);
        $statuses = $this->statusReader->read($this->catalogue->patches());
        if ($input->getOption(self::ALL)) {
            $requested = array_intersect_key(
                $this->catalogue->patches(),
                array_filter($statuses, static fn (Status $status): bool => $status === Status::Applied)
            );
        }
        $this->refuseWhileRequired($requested, $statuses);

        foreach ($this->dependentsFirst($requested) as $id => $patch) {
            if ($statuses[$id] === Status::NotApplied) {
                $output->writeln("Patch $id ($patch->file) is not applied", OutputInterface::OUTPUT_RAW);
                continue;
            }
            try {
                $this->runner->revert($patch);
            } catch (PatchException $e) {
                $output->writeln("Error: patch $id can't be reverted", OutputInterface::OUTPUT_RAW);
                throw $e;
            }
            $this->report($patch, 'reverted', $output);
        }
    }

    /**
     * @param array<string, Patch> $requested
     * @param array<string, Status> $statuses
     */
    private function refuseWhileRequired(array $requested, array $statuses): void
    {
        foreach (array_keys($requested) as $id) {
            $dependents = array_keys(array_filter(
                array_diff_key($this->catalogue->patches(), $requested),
                static fn (Patch $patch): bool => in_array($id, $patch->required, true)
                    && $statuses[$patch->id] === Status::Applied
            ));
            if ($dependents !== []) {
                $list = implode(' ', $dependents);
                throw new PatchException("Patch $id is a dependency for $list. Please, revert $list first");
            }
        }
    }

    /**
     * @param array<string, Patch> $patches
     * @return array<string, Patch>
     */
    private function dependentsFirst(array $patches): array
    {
        $ordered = [];
        foreach ($patches as $patch) {
            $ordered += array_intersect_key($this->catalogue->withRequired($patch), $patches);
        }

        return array_reverse($ordered, true);
    }
}
