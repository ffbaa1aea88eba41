<?php

declare(strict_types=1);

namespace Magento\Framework\Code;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Filesystem\File;

/**
 * Writes the class NAMEFactory for a class NAME into generated/code.
 */
class FactoryGenerator implements GeneratorInterface
{
    private const SUFFIX = 'Factory';
    private const TEMPLATE = <<<'PHP'
        <?php

        declare(strict_types=1);

        namespace {namespace};

        /**
         * Factory class for @see \{namespace}\{class}
         */
        class {class}Factory
        {
            public function __construct(
                protected readonly \Magento\Framework\ObjectManagerInterface $objectManager,
                protected readonly string $instanceName = \{namespace}\{class}::class,
            ) {
            }

            /**
             * @param array<string, mixed> $data constructor argument's name => value
             */
            public function create(array $data = []): \{namespace}\{class}
            {
                return $this->objectManager->create($this->instanceName, $data);
            }
        }

        PHP;

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
    }

    public function generate(string $class): ?string
    {
        $subject = substr($class, 0, -strlen(self::SUFFIX));
        $isFactory = str_ends_with($class, self::SUFFIX) && str_contains($subject, '\\');
        if (!$isFactory || !(class_exists($subject) || interface_exists($subject))) {
            return null;
        }
        $separator = strrpos($subject, '\\');
        $code = strtr(self::TEMPLATE, [
            '{namespace}' => substr($subject, 0, $separator),
            '{class}' => substr($subject, $separator + 1),
        ]);
        $path = $this->directoryList->getGeneratedCode() . '/' . strtr($class, '\\', '/') . '.php';
        $this->file->write($path, $code);

        return $path;
    }
}
