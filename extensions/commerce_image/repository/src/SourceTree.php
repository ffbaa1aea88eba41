<?php

declare(strict_types=1);

namespace Storefleet\Repository;

use FilesystemIterator;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use RuntimeException;

/** A folder with one folder per package of the vendor "magento". */
final class SourceTree
{
    public function __construct(private readonly string $folder)
    {
    }

    /** A copy of the tree with a patch applied, whose paths start at the root of a store. */
    public static function patched(string $folder, string $patch): self
    {
        $root = sys_get_temp_dir() . '/patched-' . bin2hex(random_bytes(4));
        self::run(['mkdir', '-p', "$root/vendor"], '/');
        self::run(['cp', '-R', $folder, "$root/vendor/magento"], '/');
        self::run(['git', 'apply', '--whitespace=nowarn', $patch], $root);
        return new self("$root/vendor/magento");
    }

    /** @return list<string> names of the packages that a patch changes */
    public static function packagesTouchedBy(string $patch): array
    {
        preg_match_all('~^(?:\+\+\+ b|--- a)/vendor/([^/]+/[^/]+)/~m', file_get_contents($patch), $matches);
        return array_values(array_unique($matches[1]));
    }

    public function package(string $name, string $version): Package
    {
        $files = $this->files($this->folder . '/' . basename($name));
        $manifest = json_decode($files['composer.json'], true, flags: JSON_THROW_ON_ERROR);
        unset($files['composer.json']);
        return new Package(['name' => $name, 'version' => $version] + $manifest, $files);
    }

    /** @return array<string, string> content by relative path */
    private function files(string $folder): array
    {
        $files = [];
        $entries = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)
        );
        foreach ($entries as $path => $entry) {
            $name = substr((string) $path, strlen($folder) + 1);
            $files[$name] = $this->shebang($name) . file_get_contents((string) $path);
        }
        ksort($files);
        return $files;
    }

    /** Entry scripts stand in the tree without one. */
    private function shebang(string $name): string
    {
        return dirname($name) === 'bin' ? "#!/usr/bin/env php\n" : '';
    }

    /** @param list<string> $command */
    private static function run(array $command, string $folder): void
    {
        $process = proc_open($command, [1 => STDERR, 2 => STDERR], $pipes, $folder);
        if ($process === false || proc_close($process) !== 0) {
            throw new RuntimeException('Failed: ' . implode(' ', $command));
        }
    }
}
