<?php

declare(strict_types=1);

namespace Storefleet\Repository;

/** The root package that `composer create-project` starts a store from. */
final class Project
{
    public static function package(
        string $edition,
        string $version,
        string $repository,
        string $vendor = 'magento',
    ): Package
    {
        return new Package([
            'name' => "$vendor/project-$edition-edition",
            'version' => $version,
            'description' => 'eCommerce Platform (' . ucfirst($edition) . ' Edition)',
            'type' => 'project',
            'license' => 'GPL-3.0-or-later',
            'require' => ["$vendor/product-$edition-edition" => $version],
            'config' => [
                'allow-plugins' => ['magento/*' => true],
                'preferred-install' => 'dist',
                'sort-packages' => true,
            ],
            'extra' => ['magento-force' => 'override'],
            'minimum-stability' => 'stable',
            'repositories' => [
                ['type' => 'composer', 'url' => "file://$repository"],
                ['packagist.org' => false],
            ],
        ]);
    }
}
