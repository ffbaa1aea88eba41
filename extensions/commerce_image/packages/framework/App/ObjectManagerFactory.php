<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Cache\FrontendPool;
use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;
use Magento\Framework\App\DeploymentConfig\EnvironmentOverrides;
use Magento\Framework\App\DeploymentConfig\Writer;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Cache\BackendFactory;
use Magento\Framework\Component\ComponentRegistrar;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Module\ModuleList;
use Magento\Framework\ObjectManager\Config\CachedDynamic;
use Magento\Framework\ObjectManager\Config\Compiled as CompiledConfig;
use Magento\Framework\ObjectManager\Config\DiXmlReader;
use Magento\Framework\ObjectManager\ConfigInterface;
use Magento\Framework\ObjectManager\Factory\Compiled as CompiledFactory;
use Magento\Framework\ObjectManager\Factory\Dynamic as DynamicFactory;
use Magento\Framework\ObjectManagerInterface;

/**
 * Creates the object manager, and the few objects that have to be there before it.
 *
 * Whether the wiring is the compiled one depends on generated/metadata/global.php alone. The mode has no say.
 */
class ObjectManagerFactory
{
    public function create(string $root): ObjectManagerInterface
    {
        $directoryList = new DirectoryList($root);
        $file = new File();
        $registrar = new ComponentRegistrar();
        $deploymentConfig = new DeploymentConfig($directoryList, new EnvironmentOverrides());
        $moduleList = new ModuleList($deploymentConfig, $registrar);
        $frontendPool = new FrontendPool($deploymentConfig, $directoryList, new BackendFactory($file));
        $typeList = new TypeList($deploymentConfig, new Writer($directoryList, $deploymentConfig));
        $typePool = new TypePool($frontendPool, $typeList);

        if (CompiledConfig::isAvailable($directoryList)) {
            $config = new CompiledConfig($directoryList);
            $factory = new CompiledFactory($config);
        } else {
            $config = new CachedDynamic(new DiXmlReader($moduleList, $directoryList), $typePool);
            $factory = new DynamicFactory($config);
        }
        $instances = [
            $directoryList, $file, $registrar, $deploymentConfig, $moduleList, $frontendPool, $typeList, $typePool,
        ];

        return new ObjectManager(
            $factory,
            $config,
            array_combine(array_map(get_class(...), $instances), $instances) + [ConfigInterface::class => $config],
        );
    }
}
