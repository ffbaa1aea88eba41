<?php

declare(strict_types=1);

namespace Storefleet\Repository;

/** Packages without files, which bind an edition of Commerce together. */
final class Metapackage
{
    /** @param array<string, string> $parts package versions by name */
    public static function product(string $edition, string $version, array $parts): Package
    {
        if ($edition === 'enterprise') {
            $parts = [
                'magento/magento2-ee-base' => $version,
                'magento/product-community-edition' => $version,
            ];
        }
        unset($parts['magento/magento-cloud-patches']);
        return new Package([
            'name' => "magento/product-$edition-edition",
            'version' => $version,
            'description' => 'The test Commerce, ' . $edition . ' edition',
            'type' => 'metapackage',
            'license' => 'GPL-3.0-or-later',
            'require' => $parts,
        ]);
    }

    /** What patches for the enterprise edition are keyed on. */
    public static function enterpriseBase(string $version): Package
    {
        return new Package([
            'name' => 'magento/magento2-ee-base',
            'version' => $version,
            'description' => 'The test Commerce, base of the enterprise edition',
            'type' => 'magento2-component',
            'license' => 'GPL-3.0-or-later',
        ]);
    }
}
