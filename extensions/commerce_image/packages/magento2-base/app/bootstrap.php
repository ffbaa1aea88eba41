<?php

declare(strict_types=1);

require __DIR__ . '/autoload.php';

// Two users write into the store, its owner and the web server's, as members of one group.
umask(is_file(BP . '/magento_umask') ? octdec(trim(file_get_contents(BP . '/magento_umask'))) : 0002);

date_default_timezone_set('UTC');
