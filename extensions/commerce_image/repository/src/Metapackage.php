<?php

declare(strict_types=1);

namespace Storefleet\Repository;

/** Packages without files, which bind an edition of Commerce together or make one of another. */
final class Metapackage
{
    /** @param array<string, string> $parts package versions by name */
    public static function product(string $edition, string $version, array $parts, string $vendor = 'magento'): Package
    {
        if ($edition === 'enterprise') {
            $parts = [
                'magento/magento2-ee-base' => $version,
                'magento/product-community-edition' => $version,
            ];
        }
        unset($parts['magento/magento-cloud-patches']);
        return new Package([
            'name' => "$vendor/product-$edition-edition",
            'version' => $version,
            'description' => 'The test Commerce, ' . $edition . ' edition',
            'type' => 'metapackage',
            'license' => 'GPL-3.0-or-later',
            'require' => $parts,
        ]);
    }

    /** What companies buy on top of the enterprise edition. */
    public static function companies(string $version): Package
    {
        return self::addition('magento/extension-b2b', $version, []);
    }

    /** Commerce on the vendor's cloud. */
    public static function cloud(string $version, string $tools): Package
    {
        return self::addition('magento/magento-cloud-metapackage', $version, [
            'magento/product-enterprise-edition' => $version,
            'magento/ece-tools' => $tools,
        ]);
    }

    public static function cloudTools(string $version): Package
    {
        return self::component('magento/ece-tools', $version, 'tools of the cloud', [
            'magento/magento-cloud-patches' => '^1.1',
            'magento/quality-patches' => '^1.1',
        ]);
    }

    /** What patches for the enterprise edition are keyed on. */
    public static function enterpriseBase(string $version): Package
    {
        return self::component('magento/magento2-ee-base', $version, 'base of the enterprise edition');
    }

    /** @param array<string, string> $parts package versions by name */
    private static function addition(string $name, string $version, array $parts): Package
    {
        return self::named($name, $version, 'metapackage', ['require' => $parts]);
    }

    /** @param array<string, string> $parts package versions by name */
    private static function component(string $name, string $version, string $description, array $parts = []): Package
    {
        $manifest = ['description' => "The test Commerce, $description"] + ($parts ? ['require' => $parts] : []);
        return self::named($name, $version, 'magento2-component', $manifest);
    }

    /** @param array<string, mixed> $manifest what is its own in composer.json */
    private static function named(string $name, string $version, string $type, array $manifest): Package
    {
        return new Package(compact('name', 'version', 'type') + ['license' => 'GPL-3.0-or-later'] + $manifest);
    }
}
