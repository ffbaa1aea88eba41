<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

/** Finds out from the store's files which patches are applied. */
final class StatusReader
{
    public function __construct(private readonly PatchRunner $runner)
    {
    }

    /**
     * @param array<string, Patch> $patches
     * @return array<string, Status> by id
     */
    public function read(array $patches): array
    {
        $statuses = array_map($this->status(...), $patches);
        foreach ($patches as $id => $patch) {
            if ($statuses[$id] === Status::Applied) {
                $this->markRequired($patch, $patches, $statuses);
            }
        }

        return $statuses;
    }

    private function status(Patch $patch): Status
    {
        return match (true) {
            $this->runner->canApply($patch) => Status::NotApplied,
            $this->runner->canRevert($patch) => Status::Applied,
            default => Status::NotApplicable,
        };
    }

    /**
     * A patch that is applied proves those that it requires, though it may have changed their lines since.
     *
     * @param array<string, Patch> $patches
     * @param array<string, Status> $statuses
     */
    private function markRequired(Patch $patch, array $patches, array &$statuses): void
    {
        foreach ($patch->required as $id) {
            if (isset($patches[$id])) {
                $statuses[$id] = Status::Applied;
                $this->markRequired($patches[$id], $patches, $statuses);
            }
        }
    }
}
