<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Composer\InstalledVersions;

/**
 * The product's edition and version, from what Composer has installed.
 */
class ProductMetadata
{
    private const BASE_PACKAGE = 'magento/magento2-base';
    private const EDITIONS = [
        'magento/product-enterprise-edition' => 'Enterprise',
        'magento/product-community-edition' => 'Community',
    ];

    public function getVersion(): string
    {
        return InstalledVersions::isInstalled(self::BASE_PACKAGE)
            ? (string)InstalledVersions::getPrettyVersion(self::BASE_PACKAGE)
            : 'UNKNOWN';
    }

    public function getEdition(): string
    {
        foreach (self::EDITIONS as $package => $edition) {
            if (InstalledVersions::isInstalled($package)) {
                return $edition;
            }
        }

        return 'Community';
    }
}
