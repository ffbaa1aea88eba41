<?php

/**
 * Gives a store as many modules of third parties as a real one has: php add-modules.php medium|large, in the root of
 * the store. They are in app/code/Bulk, enabled, and do nothing; but each class has to be wired, and has a plugin.
 *
 * medium is for a compile that takes its time, with few files; large for the files of a whole release.
 */

declare(strict_types=1);

namespace Storefleet\Bulk;

use Magento\Framework\App\Bootstrap;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;

/** Modules, classes in each, public and private methods of each class, and files in each that are no code. */
const SIZES = ['medium' => [26, 150, 16, 56, 0], 'large' => [33, 150, 48, 0, 1630]];
const FILES_PER_FOLDER = 50;

const REGISTRATION = <<<'PHP'
    <?php

    declare(strict_types=1);

    use Magento\Framework\Component\ComponentRegistrar;

    ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Bulk_{module}', __DIR__);

    PHP;
const MODULE_XML = <<<'XML'
    <?xml version="1.0"?>
    <config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:noNamespaceSchemaLocation="urn:magento:framework:Module/etc/module.xsd">
        <module name="Bulk_{module}"/>
    </config>

    XML;
const DI_XML = <<<'XML'
    <?xml version="1.0"?>
    <config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:noNamespaceSchemaLocation="urn:magento:framework:ObjectManager/etc/config.xsd">
        <type name="Bulk\Core\Api\ServiceInterface">
            <plugin name="bulk_core_measure" type="Bulk\Core\Plugin\Measure"/>
        </type>
        <type name="Magento\Customer\Model\CustomerAuthUpdate">
            <plugin name="bulk_core_count_updates" type="Bulk\Core\Plugin\CountUpdates"/>
        </type>
    </config>

    XML;
const SERVICE_INTERFACE = <<<'PHP'
    <?php

    declare(strict_types=1);

    namespace Bulk\Core\Api;

    /** What every service of these modules is. */
    interface ServiceInterface
    {
    }

    PHP;
const MEASURE = <<<'PHP'
    <?php

    declare(strict_types=1);

    namespace Bulk\Core\Plugin;

    use Bulk\Core\Api\ServiceInterface;

    /** On every service, so that each has an interceptor. */
    class Measure
    {
        public function beforeDescribe(ServiceInterface $subject, string $name): array
        {
            return [trim($name)];
        }
    }

    PHP;
const COUNT_UPDATES = <<<'PHP'
    <?php

    declare(strict_types=1);

    namespace Bulk\Core\Plugin;

    use Magento\Customer\Model\CustomerAuthUpdate;

    /** On a class that logins need: its interceptor repeats the constructor that it had when it was generated. */
    class CountUpdates
    {
        private int $updates = 0;

        public function afterSaveAuth(CustomerAuthUpdate $subject): void
        {
            ++$this->updates;
        }
    }

    PHP;
const SERVICE = <<<'PHP'
    <?php

    declare(strict_types=1);

    namespace Bulk\{module}\Model;

    use Bulk\Core\Api\ServiceInterface;
    use Magento\Framework\App\DeploymentConfig;
    use Magento\Framework\Event\ManagerInterface as EventManagerInterface;

    /**
     * Service {number} of the module {module}.
     */
    class {class} implements ServiceInterface
    {
        public function __construct(
            private readonly DeploymentConfig $deploymentConfig,
            private readonly EventManagerInterface $eventManager,{earlier}
            private readonly array $options = [],
        ) {
        }
    {methods}}

    PHP;
const EARLIER = <<<'PHP'

            private readonly {class} $earlier,
            private readonly {class}Factory $factory,
    PHP;
const METHOD = <<<'PHP'

        /**
         * Collects the values of part {method} under a name, those that are given over those that are configured.
         *
         * @param array<string, mixed> $configuredValues name => value
         * @return array<string, mixed>
         */
        {visibility} function collectValuesOfPart{method}(string $name, array $configuredValues, ?int $limit = null): array
        {
            $values = array_replace($configuredValues, $this->options[$name] ?? []);
            if ($limit !== null && count($values) > $limit) {
                $this->eventManager->dispatch('bulk_limit_reached', ['name' => $name, 'values' => $values]);
            }

            return array_slice($values, 0, $limit ?? {method});
        }

    PHP;
const OTHER_FILE = "/* File {file} of the module {module}, which is no code. */\n.bulk-{file} { order: {file}; }\n";

/**
 * @param array<string, string|int> $values
 */
function fill(string $template, array $values): string
{
    $keys = array_map(fn (string $key): string => '{' . $key . '}', array_keys($values));

    return strtr($template, array_combine($keys, array_map(strval(...), array_values($values))));
}

/**
 * @param array<string, string> $files content by path below app/code/Bulk/MODULE
 */
function write(string $module, array $files): void
{
    foreach ($files as $path => $content) {
        $target = BP . "/app/code/Bulk/$module/$path";
        if (!is_dir(dirname($target))) {
            mkdir(dirname($target), 0755, true);
        }
        file_put_contents($target, $content);
    }
}

/**
 * @return array<string, string> content by path
 */
function describe(string $module): array
{
    $values = ['module' => $module];

    return [
        'registration.php' => fill(REGISTRATION, $values),
        'etc/module.xml' => fill(MODULE_XML, $values),
    ];
}

/**
 * Each service needs the one before it, itself and by its factory.
 *
 * @return array<string, string> content by path
 */
function services(string $module, int $count, string $methods): array
{
    $files = [];
    $earlier = '';
    foreach (range(1, $count) as $number) {
        $class = sprintf('Service%03d', $number);
        $files["Model/$class.php"] = fill(SERVICE, compact('module', 'number', 'class', 'earlier', 'methods'));
        $earlier = fill(EARLIER, compact('class'));
    }

    return $files;
}

/**
 * @return array<string, string> content by path
 */
function otherFiles(string $module, int $count): array
{
    $files = [];
    for ($file = 0; $file < $count; ++$file) {
        $folder = intdiv($file, FILES_PER_FOLDER);
        $files["view/frontend/web/css/part$folder/file$file.css"] = fill(OTHER_FILE, compact('file', 'module'));
    }

    return $files;
}

[$modules, $classes, $public, $private, $others] = SIZES[$argv[1]];
require getcwd() . '/app/bootstrap.php';
umask(0022);

$methods = '';
foreach (range(1, $public + $private) as $method) {
    $methods .= fill(METHOD, ['method' => $method, 'visibility' => $method <= $public ? 'public' : 'private']);
}
write('Core', describe('Core') + [
    'Api/ServiceInterface.php' => SERVICE_INTERFACE,
    'Plugin/CountUpdates.php' => COUNT_UPDATES,
    'Plugin/Measure.php' => MEASURE,
    'etc/di.xml' => DI_XML,
]);
$names = ['Bulk_Core'];
foreach (range(1, $modules) as $number) {
    $module = sprintf('Part%02d', $number);
    write($module, describe($module) + services($module, $classes, $methods) + otherFiles($module, $others));
    $names[] = "Bulk_$module";
}
$writer = Bootstrap::create(BP, $_SERVER)->getObjectManager()->get(Writer::class);
$writer->merge(DeploymentConfig::CONFIG_FILE, ['modules' => array_fill_keys($names, 1)]);
