<?php

declare(strict_types=1);

use Magento\Framework\App\Bootstrap;

require __DIR__ . '/../app/bootstrap.php';

Bootstrap::create(BP, $_SERVER)->run();
