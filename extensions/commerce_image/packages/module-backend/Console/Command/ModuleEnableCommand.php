<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;
use Magento\Framework\App\DeploymentConfig\Writer;
use Magento\Framework\App\GeneratedFiles;
use Magento\Framework\Module\ModuleList;

class ModuleEnableCommand extends ModuleSwitchCommand
{
    public function __construct(
        ModuleList $moduleList,
        Writer $writer,
        Manager $cacheManager,
        GeneratedFiles $generatedFiles,
    ) {
        parent::__construct($moduleList, $writer, $cacheManager, $generatedFiles, true);
    }
}
