<?php

/**
 * Makes the Composer repositories of the test Commerce: php build-repository.php PACKAGES TARGET TARGET_WITH_DEFECT
 *
 * PACKAGES holds one folder per package as it stands in vendor/magento, in the defective state and without numbers.
 * versions.json says which version of Commerce has which package versions, and in which state it was built.
 */

declare(strict_types=1);

namespace Storefleet\Repository;

spl_autoload_register(static function (string $class): void {
    require __DIR__ . '/src/' . basename(str_replace('\\', '/', $class)) . '.php';
});

[, $packages, $target, $targetWithDefect] = $argv;

$versions = json_decode(file_get_contents(__DIR__ . '/versions.json'), true, flags: JSON_THROW_ON_ERROR);
$patch = $packages . '/quality-patches/patches/os/ACSD-61103_2.4.6-p3.patch';
$sources = [
    'defective' => new SourceTree($packages),
    'fixed' => SourceTree::patched($packages, $patch),
];

$repository = new Repository($target);
$repositoryWithDefect = new Repository($targetWithDefect);
$differing = SourceTree::packagesTouchedBy($patch);

foreach ($versions['commerce'] as $version => $commerce) {
    $source = $sources[$commerce['built'][0]];
    foreach ($commerce['packages'] as $name => $number) {
        $repository->add($source->package($name, $number));
    }
    foreach (['community', 'enterprise'] as $edition) {
        $repository->add(Metapackage::product($edition, $version, $commerce['packages'] + $versions['tools']));
        $repository->add(Project::package($edition, $version, $target));
    }
    $repository->add(Metapackage::enterpriseBase($version));
    $repository->add(Metapackage::cloud($version, $versions['additions']['magento/ece-tools']));
    if (in_array('defective', array_slice($commerce['built'], 1), true)) {
        foreach (array_intersect_key($commerce['packages'], array_flip($differing)) as $name => $number) {
            $repositoryWithDefect->add($sources['defective']->package($name, $number));
        }
    }
}
foreach ($versions['mage-os'] as $version => $release) {
    $parts = [];
    foreach ($versions['commerce'][$release['of']]['packages'] as $name => $number) {
        $package = $sources[$release['built']]->package($name, $number)->republished('mage-os', $version);
        $repository->add($package);
        $parts[$package->manifest['name']] = $version;
    }
    $repository->add(Metapackage::product('community', $version, $parts + $versions['tools'], 'mage-os'));
    $repository->add(Project::package('community', $version, $target, 'mage-os'));
}
$repository->add(Metapackage::companies($versions['additions']['magento/extension-b2b']));
$repository->add(Metapackage::cloudTools($versions['additions']['magento/ece-tools']));
foreach ($versions['tools'] as $name => $number) {
    $repository->add($sources['defective']->package($name, $number));
}
foreach ($versions['quality-patches'] as $number => $release) {
    $package = $sources['defective']->package('magento/quality-patches', $number);
    $repository->add(QualityPatches::without($package, $release['without']));
}

$repository->write();
$repositoryWithDefect->write();
