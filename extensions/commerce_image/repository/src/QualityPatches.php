<?php

declare(strict_types=1);

namespace Storefleet\Repository;

/** magento/quality-patches is released often, each time with a longer catalogue. */
final class QualityPatches
{
    private const CATALOGUE = 'support-patches.json';

    /**
     * The package as it was before some patches were made.
     *
     * @param list<string> $ids of the patches that did not exist yet
     */
    public static function without(Package $package, array $ids): Package
    {
        $files = $package->files;
        $catalogue = json_decode($files[self::CATALOGUE], true, flags: JSON_THROW_ON_ERROR);
        foreach ($ids as $id) {
            foreach ($catalogue[$id]['packages'] as $constraints) {
                foreach ($constraints as $patch) {
                    unset($files['patches/' . $patch['file']]);
                }
            }
            unset($catalogue[$id]);
        }
        $files[self::CATALOGUE] = Json::encode($catalogue);
        return new Package($package->manifest, $files);
    }
}
