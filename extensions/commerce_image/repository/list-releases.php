<?php

/** One line per store that the image holds: version, edition, and the state where it is not the native one. */

declare(strict_types=1);

$versions = json_decode(file_get_contents(__DIR__ . '/versions.json'), true, flags: JSON_THROW_ON_ERROR);

foreach ($versions['commerce'] as $version => $commerce) {
    foreach (['community', 'enterprise'] as $edition) {
        foreach ($commerce['built'] as $number => $state) {
            echo implode(' ', array_filter([$version, $edition, $number === 0 ? null : $state])), "\n";
        }
    }
}
foreach (array_keys($versions['mage-os']) as $version) {
    echo "$version mage-os\n";
}
