<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Magento\CloudPatches\Command\ApplyCommand;
use Magento\CloudPatches\Command\BuildApplyCommand;
use Magento\CloudPatches\Command\RevertCommand;
use Magento\CloudPatches\Command\StatusCommand;
use Magento\QualityPatches\Info;
use Symfony\Component\Console\Application as ConsoleApplication;

/** The commands of vendor/bin/magento-patches and ece-patches; name and version are those of the store's root package. */
final class Application extends ConsoleApplication
{
    public static function forStore(string $root): self
    {
        return self::with($root, static fn (...$parts): ApplyCommand => new ApplyCommand(...$parts));
    }

    /** For the build of a project in the cloud. */
    public static function forCloud(string $root): self
    {
        $configuration = new BuildConfiguration($root);

        return self::with($root, static fn (...$parts): ApplyCommand => new BuildApplyCommand(...[...$parts, $configuration]));
    }

    /** @param callable(Store, Catalogue, StatusReader, PatchRunner, Log): ApplyCommand $apply */
    private static function with(string $root, callable $apply): self
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
            $apply($store, $catalogue, $statuses, $runner, $log),
            new RevertCommand($store, $catalogue, $statuses, $runner, $log),
        ]);

        return $application;
    }
}
