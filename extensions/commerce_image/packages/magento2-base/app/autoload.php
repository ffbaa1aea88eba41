<?php

declare(strict_types=1);

define('BP', dirname(__DIR__));

require BP . '/vendor/autoload.php';

// Modules that no Composer package brought.
array_map(
    fn (string $path): mixed => require_once $path,
    glob(BP . '/app/code/*/*/registration.php', GLOB_NOSORT) ?: [],
);
