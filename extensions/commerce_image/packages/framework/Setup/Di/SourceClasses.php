<?php

declare(strict_types=1);

namespace Magento\Framework\Setup\Di;

use FilesystemIterator;
use Magento\Framework\Component\ComponentRegistrar;
use Magento\Framework\Module\ModuleList;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use ReflectionClass;

/**
 * The classes of the enabled modules and of the libraries.
 */
class SourceClasses
{
    private const EXTENSION = '.php';

    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly ComponentRegistrar $componentRegistrar,
    ) {
    }

    /**
     * @return list<ReflectionClass<object>> those of which objects can be created, sorted by name
     */
    public function getInstantiable(): array
    {
        $directories = $this->moduleList->getEnabled()
            + $this->componentRegistrar->getPaths(ComponentRegistrar::LIBRARY);
        $classes = [];
        foreach ($directories as $component => $directory) {
            foreach ($this->findFiles($directory) as $relativePath) {
                $relativeName = strtr(substr($relativePath, 0, -strlen(self::EXTENSION)), '/', '\\');
                $name = $this->getNamespace($component) . $relativeName;
                if (class_exists($name) && (new ReflectionClass($name))->isInstantiable()) {
                    $classes[$name] = new ReflectionClass($name);
                }
            }
        }
        ksort($classes);

        return array_values($classes);
    }

    /**
     * @return list<string> paths below the directory
     */
    private function findFiles(string $directory): array
    {
        $files = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator($directory, FilesystemIterator::SKIP_DOTS),
        );
        $paths = [];
        foreach ($files as $file) {
            // A class's file begins with a capital; registration.php is not one.
            if (preg_match('/^[A-Z]\w*\.php$/D', $file->getFilename()) === 1) {
                $paths[] = substr($file->getPathname(), strlen($directory) + 1);
            }
        }

        return $paths;
    }

    /**
     * @param string $component Vendor_Module or vendor/library
     */
    private function getNamespace(string $component): string
    {
        return implode('\\', array_map(ucfirst(...), preg_split('~[_/]~', $component))) . '\\';
    }
}
