<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\MaintenanceMode;

class MaintenanceDisableCommand extends MaintenanceSwitchCommand
{
    public function __construct(MaintenanceMode $maintenanceMode)
    {
        parent::__construct($maintenanceMode, false);
    }
}
