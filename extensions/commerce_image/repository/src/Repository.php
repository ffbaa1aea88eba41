<?php

declare(strict_types=1);

namespace Storefleet\Repository;

use RuntimeException;
use ZipArchive;

/** A Composer repository (type composer, reached by a file:// URL) in the making. */
final class Repository
{
    /** @var array<string, array<string, array<string, mixed>>> manifests by package name and version */
    private array $index = [];

    public function __construct(private readonly string $folder)
    {
        mkdir("$folder/archives", 0755, true);
    }

    /** Versions of Commerce share packages: a package that is here already is not added again. */
    public function add(Package $package): void
    {
        $name = $package->manifest['name'];
        $version = $package->manifest['version'];
        if (isset($this->index[$name][$version])) {
            return;
        }
        $entry = $package->manifest;
        if (!$package->isMetapackage()) {
            $archive = "$this->folder/archives/" . $package->fileName();
            $this->archive($package, $archive);
            $hash = sha1_file($archive);
            $entry['dist'] = ['type' => 'zip', 'url' => "file://$archive", 'reference' => $hash, 'shasum' => $hash];
        }
        $this->index[$name][$version] = $entry;
    }

    public function write(): void
    {
        file_put_contents("$this->folder/packages.json", Json::encode(['packages' => $this->index]));
    }

    private function archive(Package $package, string $path): void
    {
        $zip = new ZipArchive();
        if ($zip->open($path, ZipArchive::CREATE | ZipArchive::EXCL) !== true) {
            throw new RuntimeException("Cannot create $path");
        }
        $zip->addFromString('composer.json', Json::encode($package->manifest));
        foreach ($package->files as $name => $content) {
            $zip->addFromString($name, $content);
        }
        $zip->close();
    }
}
