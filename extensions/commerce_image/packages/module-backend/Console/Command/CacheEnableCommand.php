<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;

class CacheEnableCommand extends CacheSwitchCommand
{
    public function __construct(Manager $cacheManager, CacheTypesArgument $typesArgument)
    {
        parent::__construct($cacheManager, $typesArgument, true);
    }
}
