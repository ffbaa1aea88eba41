<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Di;

use Magento\Framework\App\AreaList;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Code\InterceptorGenerator;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Filesystem\File;
use Magento\Framework\ObjectManager\Config\Compiled;
use Magento\Framework\ObjectManager\Config\DiXmlReader;
use Magento\Framework\ObjectManager\Config\Dynamic;
use Magento\Framework\ObjectManager\Factory\Constructor;
use ReflectionClass;

/**
 * Writes the missing factories and interceptors into generated/code, and the wiring of every class into generated/metadata.
 */
class Compiler
{
    public function __construct(
        private readonly SourceClasses $sourceClasses,
        private readonly FactoryUsages $factoryUsages,
        private readonly ConstructorIntegrity $constructorIntegrity,
        private readonly DiXmlReader $diXmlReader,
        private readonly InterceptorGenerator $interceptorGenerator,
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
    }

    /**
     * @throws LocalizedException naming each class whose constructor does not fit its parent's
     */
    public function compile(): void
    {
        $classes = $this->sourceClasses->getInstantiable();
        $classes = [...$classes, ...$this->loadFactories($classes)];
        $this->checkIntegrity($classes);
        $intercepted = [];
        // What makes the store a compiled one is written last: so no request finds an area without its wiring.
        foreach ([...array_diff(AreaList::CODES, [AreaList::GLOBAL]), AreaList::GLOBAL] as $area) {
            $metadata = $this->getMetadata(new Dynamic($this->diXmlReader->read($area)), $classes);
            $this->writeInterceptors(array_diff_key($metadata['plugins'], $intercepted));
            $intercepted += $metadata['plugins'];
            $this->file->write(
                Compiled::getPath($this->directoryList, $area),
                "<?php\n\nreturn " . var_export($metadata, true) . ";\n",
            );
        }
    }

    /**
     * @param array<class-string, list<string>> $plugins class => its plugins
     */
    private function writeInterceptors(array $plugins): void
    {
        foreach (array_keys($plugins) as $class) {
            $this->interceptorGenerator->generate($class . InterceptorGenerator::SUFFIX);
        }
    }

    /**
     * Looking for a factory that is not there makes the class loader write it.
     *
     * @param list<ReflectionClass<object>> $classes
     * @return list<ReflectionClass<object>>
     */
    private function loadFactories(array $classes): array
    {
        $factories = [];
        foreach ($classes as $class) {
            foreach ($this->factoryUsages->find($class->getFileName()) as $name) {
                if (class_exists($name)) {
                    $factories[$name] = new ReflectionClass($name);
                }
            }
        }
        $known = array_map(fn (ReflectionClass $class): string => $class->getName(), $classes);
        ksort($factories);

        return array_values(array_diff_key($factories, array_flip($known)));
    }

    /**
     * @param list<ReflectionClass<object>> $classes
     * @throws LocalizedException
     */
    private function checkIntegrity(array $classes): void
    {
        $errors = [];
        foreach ($classes as $class) {
            $error = $this->constructorIntegrity->findError($class);
            if ($error !== null) {
                $errors[] = "\t{$class->getName()}\n\t\t$error File: \n{$class->getFileName()}\n";
            }
        }
        if ($errors !== []) {
            throw new LocalizedException(
                "Errors during compilation:\n" . implode('', $errors) . 'Total Errors Count: ' . count($errors),
            );
        }
    }

    /**
     * @param list<ReflectionClass<object>> $classes
     * @return array{arguments: array<string, array>, preferences: array<string, string>, plugins: array<string, list>}
     */
    private function getMetadata(Dynamic $config, array $classes): array
    {
        $arguments = [];
        $preferences = $config->getPreferences();
        $plugins = [];
        foreach ($classes as $class) {
            $name = $class->getName();
            if ($config->getPlugins($name) !== []) {
                $plugins[$name] = $config->getPlugins($name);
                $preferences += [$name => $config->getPreference($name)];
            }
            $constructor = new Constructor($class);
            $configured = $config->getArguments($name) ?? [];
            // An interceptor repeats the constructor, and is created in the place of its class.
            $created = isset($plugins[$name]) ? $name . InterceptorGenerator::SUFFIX : $name;
            // What only the caller of create() can give is null here, as long as the caller does not give it.
            $arguments[$created] = $constructor->getArguments($configured, $constructor->getPlainRequired());
        }

        return ['arguments' => $arguments, 'preferences' => $preferences, 'plugins' => $plugins];
    }
}
