<?php

/**
 * bin/magento setup:install with the database password from standard input, where no process list shows it:
 * php setup-install.php OPTION... < PASSWORD, in the root of the store
 */

declare(strict_types=1);

$password = trim(fgets(STDIN));
$_SERVER['argv'] = ['bin/magento', 'setup:install', ...array_slice($argv, 1), "--db-password=$password"];
$_SERVER['argc'] = count($_SERVER['argv']);
require getcwd() . '/bin/magento';
