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
    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly ComponentRegistrar $componentRegistrar,
        private readonly DeclaredClass $declaredClass,
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
        foreach ($directories as $directory) {
            foreach ($this->findFiles($directory) as $path) {
                $name = $this->declaredClass->find($path);
                if ($name !== null && class_exists($name) && (new ReflectionClass($name))->isInstantiable()) {
                    $classes[$name] = new ReflectionClass($name);
                }
            }
        }
        ksort($classes);

        return array_values($classes);
    }

    /**
     * @return list<string>
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
                $paths[] = $file->getPathname();
            }
        }

        return $paths;
    }
}
