<?php

declare(strict_types=1);

namespace Magento\Framework\Code;

use Magento\Framework\App\Filesystem\DirectoryList;

/**
 * Loads what Composer does not know: modules in app/code, and classes that are generated on first need.
 */
class ClassLoader
{
    /**
     * @param list<GeneratorInterface> $generators
     */
    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly array $generators,
    ) {
    }

    public function register(): void
    {
        spl_autoload_register($this->load(...));
    }

    private function load(string $class): void
    {
        $relative = '/' . strtr($class, '\\', '/') . '.php';
        foreach ([$this->directoryList->getRoot() . '/app/code', $this->directoryList->getGeneratedCode()] as $root) {
            if (is_file($root . $relative)) {
                require $root . $relative;

                return;
            }
        }
        foreach ($this->generators as $generator) {
            $generated = $generator->generate($class);
            if ($generated !== null) {
                require $generated;

                return;
            }
        }
    }
}
