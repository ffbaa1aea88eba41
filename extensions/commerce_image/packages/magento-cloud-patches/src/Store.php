<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Composer\Semver\VersionParser;

/** What Composer's files say about the store. */
final class Store
{
    private const BASE = 'magento/magento2-base';
    private const ENTERPRISE = 'magento/product-enterprise-edition';

    /** @var array<string, string>|null */
    private ?array $packages = null;

    public function __construct(private readonly string $root)
    {
    }

    /** @return array<string, mixed> composer.json; empty when it cannot be read */
    public function rootPackage(): array
    {
        $file = $this->root . '/composer.json';

        return is_readable($file) ? (array)json_decode(file_get_contents($file), true) : [];
    }

    /** @throws PatchException when something is missing that Composer needs */
    public function requireComposer(): void
    {
        foreach (['composer.json', 'composer.lock', 'vendor/composer/installed.json'] as $file) {
            if (!is_readable("$this->root/$file")) {
                throw new PatchException("Composer could not find the file $this->root/$file");
            }
        }
        if (getenv('HOME') === false && getenv('COMPOSER_HOME') === false) {
            throw new PatchException(
                'The HOME or COMPOSER_HOME environment variable must be set for composer to run correctly'
            );
        }
    }

    /** @return array<string, string> version by name of every installed package */
    public function packages(): array
    {
        if ($this->packages === null) {
            $this->requireComposer();
            $installed = json_decode(file_get_contents("$this->root/vendor/composer/installed.json"), true);
            $this->packages = array_column($installed['packages'] ?? $installed, 'version', 'name');
        }

        return $this->packages;
    }

    /** As the tool prints it: the version in Composer's normal form. */
    public function describe(): string
    {
        $packages = $this->packages();
        $edition = isset($packages[self::ENTERPRISE]) ? 'Enterprise' : 'Community';
        $version = (new VersionParser())->normalize($packages[self::BASE] ?? '0');

        return "Magento 2 $edition Edition, version $version";
    }
}
