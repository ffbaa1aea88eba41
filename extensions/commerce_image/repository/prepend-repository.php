<?php

/** Puts a Composer repository before those that a composer.json has: php prepend-repository.php COMPOSER_JSON URL */

declare(strict_types=1);

namespace Storefleet\Repository;

require __DIR__ . '/src/Json.php';

[, $file, $url] = $argv;

$manifest = json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
array_unshift($manifest['repositories'], ['type' => 'composer', 'url' => $url, 'canonical' => false]);
file_put_contents($file, Json::encode($manifest));
