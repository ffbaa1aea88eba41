<?php

declare(strict_types=1);

namespace Magento\Framework\Code;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Interception\Interceptor;
use ReflectionClass;
use ReflectionMethod;

/**
 * Writes the class NAME\Interceptor for a class NAME that has plugins.
 *
 * It repeats the constructor and the public methods as they are now. When NAME changes, it is as stale as metadata.
 */
class InterceptorGenerator implements GeneratorInterface
{
    public const SUFFIX = '\\Interceptor';

    private const TEMPLATE = <<<'PHP'
        <?php

        declare(strict_types=1);

        namespace {namespace};

        /**
         * Interceptor class for @see \{namespace}
         */
        class Interceptor extends \{namespace}
        {
            use \{trait};
        {methods}}

        PHP;
    private const METHOD = <<<'PHP'

            public function {name}{parameters}{type}
            {
                {call};
            }

        PHP;
    private const IN_CONSTRUCTOR = 'parent::__construct%s';
    private const IN_METHOD = 'return $this->___callPlugins(%s, func_get_args())';
    private const IN_VOID_METHOD = '$this->___callPlugins(%s, func_get_args())';

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
    }

    public function generate(string $class): ?string
    {
        $subject = substr($class, 0, -strlen(self::SUFFIX));
        if (!str_ends_with($class, self::SUFFIX) || !class_exists($subject)) {
            return null;
        }
        $reflection = new ReflectionClass($subject);
        if (!self::isPossible($reflection)) {
            return null;
        }
        $code = strtr(self::TEMPLATE, [
            '{namespace}' => $reflection->getName(),
            '{trait}' => Interceptor::class,
            '{methods}' => implode('', array_map($this->getMethod(...), $this->findMethods($reflection))),
        ]);
        $path = $this->directoryList->getGeneratedCode() . '/' . strtr($class, '\\', '/') . '.php';
        $this->file->write($path, $code);

        return $path;
    }

    /**
     * @param ReflectionClass<object> $class
     */
    public static function isPossible(ReflectionClass $class): bool
    {
        return $class->isInstantiable() && !$class->isFinal() && !$class->isInternal();
    }

    /**
     * @param ReflectionClass<object> $class
     * @return list<ReflectionMethod>
     */
    private function findMethods(ReflectionClass $class): array
    {
        $isRepeated = fn (ReflectionMethod $method): bool => !$method->isStatic() && !$method->isFinal()
            && !$method->isDestructor() && ($method->isConstructor() || !str_starts_with($method->getName(), '__'));

        return array_values(array_filter($class->getMethods(ReflectionMethod::IS_PUBLIC), $isRepeated));
    }

    private function getMethod(ReflectionMethod $method): string
    {
        $signature = new Signature($method);
        $type = $signature->getReturnType();
        $name = var_export($method->getName(), true);

        return strtr(self::METHOD, [
            '{name}' => $method->getName(),
            '{parameters}' => $signature->getParameters(),
            '{type}' => $type,
            '{call}' => match (true) {
                $method->isConstructor() => sprintf(self::IN_CONSTRUCTOR, $signature->getArguments()),
                in_array($type, [': void', ': never'], true) => sprintf(self::IN_VOID_METHOD, $name),
                default => sprintf(self::IN_METHOD, $name),
            },
        ]);
    }
}
