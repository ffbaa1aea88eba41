<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Factory;

use LogicException;
use ReflectionClass;
use ReflectionNamedType;
use ReflectionParameter;

/**
 * What a class's constructor wants to be given.
 */
class Constructor
{
    /**
     * @param ReflectionClass<object> $class
     */
    public function __construct(private readonly ReflectionClass $class)
    {
    }

    /**
     * An optional argument that nobody configured keeps its default, an object's too.
     *
     * @param array<string, array> $configured name => argument, as ConfigInterface describes them
     * @param array<string, mixed> $given name => value: these need no wiring
     * @return array<string, array> name => argument, in the constructor's order
     */
    public function getArguments(array $configured, array $given = []): array
    {
        $arguments = [];
        foreach ($this->getParameters() as $parameter) {
            $name = $parameter->getName();
            $isGiven = array_key_exists($name, $given);
            $arguments[$name] = $configured[$name] ?? ($isGiven ? ['_vn_' => true] : $this->getArgument($parameter));
        }

        return $arguments;
    }

    /**
     * @return array<string, null> names of the required arguments that are not objects => null
     */
    public function getPlainRequired(): array
    {
        $plain = array_filter(
            $this->getParameters(),
            fn (ReflectionParameter $parameter): bool => !$parameter->isDefaultValueAvailable()
                && $this->getObjectType($parameter) === null,
        );
        $names = array_map(fn (ReflectionParameter $parameter): string => $parameter->getName(), $plain);

        return array_fill_keys($names, null);
    }

    /**
     * @return list<ReflectionParameter>
     */
    private function getParameters(): array
    {
        return $this->class->getConstructor()?->getParameters() ?? [];
    }

    private function getObjectType(ReflectionParameter $parameter): ?string
    {
        $type = $parameter->getType();

        return $type instanceof ReflectionNamedType && !$type->isBuiltin() ? $type->getName() : null;
    }

    /**
     * @return array<string, mixed>
     */
    private function getArgument(ReflectionParameter $parameter): array
    {
        if ($parameter->isDefaultValueAvailable()) {
            $default = $parameter->getDefaultValue();

            return $default === null ? ['_vn_' => true] : ['_v_' => $default];
        }
        $type = $this->getObjectType($parameter);
        if ($type !== null) {
            return ['_i_' => $type];
        }
        throw new LogicException(
            "Missing required argument \${$parameter->getName()} of {$this->class->getName()}.",
        );
    }
}
