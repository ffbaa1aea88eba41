<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Magento\CloudPatches\Command\ApplyCommand;
use Magento\CloudPatches\Command\RevertCommand;
use Magento\CloudPatches\Command\StatusCommand;
use Magento\QualityPatches\Info;
use Symfony\Component\Console\Application as ConsoleApplication;

/** The commands of vendor/bin/magento-patches; its name and version are those of the store's root package. */
final class Application extends ConsoleApplication
{
    public static function forStore(string $root): self
    {
        $store = new Store($root);
        $rootPackage = $store->rootPackage();
        $application = new self($rootPackage['name'] ?? 'magento-patches', $rootPackage['version'] ?? 'UNKNOWN');
        $runner = new PatchRunner($root);
        $catalogue = new Catalogue($store, new Info());
        $statuses = new StatusReader($runner);
        $log = new Log($root . '/var/log/patch.log');
        $application->addCommands([
            new StatusCommand($store, $catalogue, $statuses),
            new ApplyCommand($store, $catalogue, $statuses, $runner, $log),
            new RevertCommand($store, $catalogue, $statuses, $runner, $log),
        ]);

        return $application;
    }
}
