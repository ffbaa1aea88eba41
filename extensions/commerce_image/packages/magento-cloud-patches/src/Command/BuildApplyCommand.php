<?php

declare(strict_types=1);

namespace Magento\CloudPatches\Command;

use Magento\CloudPatches\BuildConfiguration;
use Magento\CloudPatches\Catalogue;
use Magento\CloudPatches\Log;
use Magento\CloudPatches\PatchRunner;
use Magento\CloudPatches\StatusReader;
use Magento\CloudPatches\Store;
use Symfony\Component\Console\Input\InputInterface;

/** The apply of a build in the cloud: what has to be applied stands in the project, and one that cannot be ends it. */
final class BuildApplyCommand extends ApplyCommand
{
    public function __construct(
        Store $store,
        Catalogue $catalogue,
        StatusReader $statusReader,
        PatchRunner $runner,
        Log $log,
        private readonly BuildConfiguration $configuration,
    ) {
        parent::__construct($store, $catalogue, $statusReader, $runner, $log);
    }

    protected function configure(): void
    {
        $this->setName('apply');
        $this->setDescription('Applies the patches that the project asks for');
    }

    protected function ids(InputInterface $input): array
    {
        return $this->configuration->qualityPatches();
    }
}
