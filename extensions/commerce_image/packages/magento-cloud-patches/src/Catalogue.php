<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Composer\Semver\Semver;
use Magento\QualityPatches\Info;

/** The patches whose package and version constraint fit the store. */
final class Catalogue
{
    /** @var array<string, Patch>|null */
    private ?array $patches = null;

    public function __construct(private readonly Store $store, private readonly Info $info)
    {
    }

    /** @return array<string, Patch> by id, in the catalogue's order */
    public function patches(): array
    {
        return $this->patches ??= $this->read();
    }

    /**
     * @param list<string> $ids
     * @return array<string, Patch> by id
     * @throws PatchException when one is not for this store
     */
    public function find(array $ids): array
    {
        $missing = array_diff($ids, array_keys($this->patches()));
        if ($missing !== []) {
            throw new PatchException(
                "Next patches weren't found: " . implode(', ', $missing) . '. Please, check with "status" command '
                . 'availability of these patches for the current Magento version.'
            );
        }

        return array_intersect_key($this->patches(), array_flip($ids));
    }

    /** @return array<string, Patch> the patch and, before it, those that it requires */
    public function withRequired(Patch $patch): array
    {
        $all = [];
        foreach ($this->find($patch->required) as $required) {
            $all += $this->withRequired($required);
        }

        return $all + [$patch->id => $patch];
    }

    /** @return array<string, Patch> */
    private function read(): array
    {
        $packages = $this->store->packages();
        $entries = json_decode(
            file_get_contents($this->info->getSupportPatchesConfig()),
            true,
            flags: JSON_THROW_ON_ERROR
        );
        $patches = [];
        foreach ($entries as $id => $entry) {
            foreach ($entry['packages'] as $package => $releases) {
                foreach ($releases as $constraint => $release) {
                    if (isset($packages[$package]) && Semver::satisfies($packages[$package], (string)$constraint)) {
                        $patches[$id] = $this->patch($id, $entry, $release);
                    }
                }
            }
        }

        return $patches;
    }

    /**
     * @param array{title: string, categories: list<string>} $entry
     * @param array{file: string, require?: list<string>, replaced-with?: string, deprecated?: bool} $release
     */
    private function patch(string $id, array $entry, array $release): Patch
    {
        return new Patch(
            $id,
            $entry['title'],
            $entry['categories'],
            $release['file'],
            $this->info->getPatchesDirectory() . '/' . $release['file'],
            $release['require'] ?? [],
            $release['replaced-with'] ?? '',
            $release['deprecated'] ?? false,
        );
    }
}
