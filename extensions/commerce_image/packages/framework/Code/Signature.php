<?php

declare(strict_types=1);

namespace Magento\Framework\Code;

use ReflectionIntersectionType;
use ReflectionMethod;
use ReflectionNamedType;
use ReflectionParameter;
use ReflectionType;
use ReflectionUnionType;

/**
 * A method's parameters and return type as PHP source, for a class that extends the one that declares it.
 */
class Signature
{
    public function __construct(private readonly ReflectionMethod $method)
    {
    }

    /**
     * @return string with its brackets
     */
    public function getParameters(): string
    {
        return '(' . implode(', ', array_map($this->getParameter(...), $this->method->getParameters())) . ')';
    }

    /**
     * @return string the parameters' names as arguments of a call, with its brackets
     */
    public function getArguments(): string
    {
        $arguments = array_map(
            fn (ReflectionParameter $parameter): string =>
                ($parameter->isVariadic() ? '...$' : '$') . $parameter->getName(),
            $this->method->getParameters(),
        );

        return '(' . implode(', ', $arguments) . ')';
    }

    /**
     * @return string with its colon; empty when there is none
     */
    public function getReturnType(): string
    {
        return $this->method->hasReturnType() ? ': ' . $this->getType($this->method->getReturnType()) : '';
    }

    private function getParameter(ReflectionParameter $parameter): string
    {
        $type = $parameter->hasType() ? $this->getType($parameter->getType()) . ' ' : '';
        $marks = ($parameter->isPassedByReference() ? '&' : '') . ($parameter->isVariadic() ? '...' : '');
        $default = $parameter->isDefaultValueAvailable() ? ' = ' . $this->getDefault($parameter) : '';

        return "$type$marks\${$parameter->getName()}$default";
    }

    private function getDefault(ReflectionParameter $parameter): string
    {
        $value = $parameter->getDefaultValue();

        return match (true) {
            $value === null => 'null',
            $value === [] => '[]',
            default => var_export($value, true),
        };
    }

    private function getType(ReflectionType $type): string
    {
        if ($type instanceof ReflectionUnionType || $type instanceof ReflectionIntersectionType) {
            $separator = $type instanceof ReflectionUnionType ? '|' : '&';

            return implode($separator, array_map($this->getType(...), $type->getTypes()));
        }
        /** @var ReflectionNamedType $type */
        $name = $type->getName();
        $isNullable = $type->allowsNull() && !in_array($name, ['mixed', 'null'], true);
        if ($name === 'self') {
            $name = $this->method->getDeclaringClass()->getName();
        }
        $isClass = !$type->isBuiltin() && $name !== 'static';

        return ($isNullable ? '?' : '') . ($isClass ? '\\' : '') . $name;
    }
}
