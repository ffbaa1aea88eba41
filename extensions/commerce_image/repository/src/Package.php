<?php

declare(strict_types=1);

namespace Storefleet\Repository;

/** One version of one Composer package: its composer.json and, unless it is a metapackage, its files. */
final class Package
{
    /**
     * @param array<string, mixed> $manifest composer.json, with name and version
     * @param array<string, string> $files content by path inside the package; composer.json is not among them
     */
    public function __construct(public readonly array $manifest, public readonly array $files = [])
    {
    }

    public function isMetapackage(): bool
    {
        return $this->manifest['type'] === 'metapackage';
    }

    /** The package under another vendor's name and number, in place of the one that it was made from. */
    public function republished(string $vendor, string $version): self
    {
        ['name' => $name, 'version' => $original] = $this->manifest;
        $manifest = ['name' => "$vendor/" . basename($name), 'version' => $version, 'replace' => [$name => $original]];
        return new self($manifest + $this->manifest, $this->files);
    }

    public function fileName(): string
    {
        return str_replace('/', '-', $this->manifest['name']) . '-' . $this->manifest['version'] . '.zip';
    }
}
