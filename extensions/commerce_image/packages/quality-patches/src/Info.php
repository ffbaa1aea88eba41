<?php

declare(strict_types=1);

namespace Magento\QualityPatches;

/** Where the catalogue and the patches lie. */
final class Info
{
    public function getSupportPatchesConfig(): string
    {
        return __DIR__ . '/../support-patches.json';
    }

    public function getPatchesDirectory(): string
    {
        return __DIR__ . '/../patches';
    }
}
