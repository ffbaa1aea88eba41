<?php

declare(strict_types=1);

namespace MagentoHackathon\Composer\Magento;

/** Files outside vendor/ that come with a package. */
final class BaseFiles
{
    public function __construct(private readonly string $root)
    {
    }

    /**
     * @param list<array{string, string}> $map paths of files or folders: in the package, at the root
     */
    public function deploy(string $package, array $map): void
    {
        foreach ($map as [$source, $target]) {
            $this->copy("$package/$source", "$this->root/$target");
            if (dirname($target) === 'bin') {
                chmod("$this->root/$target", 0755);
            }
        }
    }

    /** The web entry and bin/magento look for this file. */
    public function requestRegeneration(): void
    {
        $this->makeFolder("$this->root/var");
        touch("$this->root/var/.regenerate");
    }

    private function copy(string $source, string $target): void
    {
        if (is_dir($source)) {
            foreach (array_diff(scandir($source), ['.', '..']) as $name) {
                $this->copy("$source/$name", "$target/$name");
            }
            return;
        }
        $this->makeFolder(dirname($target));
        copy($source, $target);
    }

    private function makeFolder(string $folder): void
    {
        if (!is_dir($folder)) {
            mkdir($folder, recursive: true);
        }
    }
}
