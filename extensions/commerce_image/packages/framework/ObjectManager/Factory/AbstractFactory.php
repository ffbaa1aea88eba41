<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Factory;

use LogicException;
use Magento\Framework\Exception\RuntimeException;
use Magento\Framework\ObjectManager\ConfigInterface;
use Magento\Framework\ObjectManagerInterface;
use TypeError;

/**
 * Creates objects: finds out what a constructor is to be given, and calls it.
 *
 * There are two ways to find out. The dynamic factory looks at the constructor itself, each time. The compiled
 * factory believes what setup:di:compile once wrote down, and gives it in that order; a constructor that has
 * changed since then is called with the wrong arguments, and answers with a TypeError.
 */
abstract class AbstractFactory
{
    private const TYPE_ERROR = 'Type Error occurred when creating object: %type, %msg';

    /** Set by the object manager, which needs the factory first. */
    private ?ObjectManagerInterface $objectManager = null;

    /** @var array<string, true> types whose arguments are being resolved, outermost first */
    private array $resolving = [];

    public function __construct(protected readonly ConfigInterface $config)
    {
    }

    public function setObjectManager(ObjectManagerInterface $objectManager): void
    {
        $this->objectManager = $objectManager;
    }

    /**
     * A new object of a class; preferences have been followed before.
     *
     * @param array<string, mixed> $given constructor argument's name => value, over what is configured
     * @throws LogicException when a class needs itself, or cannot be wired at all
     * @throws RuntimeException when the constructor refuses what it is given
     */
    public function create(string $type, array $given = []): object
    {
        if (isset($this->resolving[$type])) {
            throw new LogicException(implode(' needs ', array_keys($this->resolving)) . " needs $type.");
        }
        $this->resolving[$type] = true;
        try {
            $values = $this->resolveArguments($this->getArguments($type, $given), $given);
        } finally {
            unset($this->resolving[$type]);
        }

        return $this->createObject($type, array_values($values));
    }

    /**
     * The arguments of the class's constructor.
     *
     * @param array<string, mixed> $given constructor argument's name => value: these need no wiring
     * @return array<string, array> name => argument, as ConfigInterface describes them, in the constructor's order
     */
    abstract protected function getArguments(string $type, array $given): array;

    /**
     * Values for arguments: what is given wins over what is configured.
     *
     * @param array<string, array> $arguments
     * @param array<string, mixed> $given
     * @return array<string, mixed> name => value, in the order of $arguments
     */
    private function resolveArguments(array $arguments, array $given): array
    {
        $values = [];
        foreach ($arguments as $name => $argument) {
            $values[$name] = array_key_exists($name, $given) ? $given[$name] : $this->resolveArgument($argument);
        }

        return $values;
    }

    /**
     * The value of one argument.
     *
     * @param array<string, mixed> $argument
     */
    private function resolveArgument(array $argument): mixed
    {
        return match (array_key_first($argument)) {
            '_i_' => $this->objectManager->get($argument['_i_']),
            '_v_' => $argument['_v_'],
            '_vac_' => array_map($this->resolveArgument(...), $argument['_vac_']),
            '_vn_' => null,
        };
    }

    /**
     * The one place where an object of the application is created.
     *
     * The arguments go by position, never by name: metadata that is older than the constructor has the names of
     * then.
     *
     * A TypeError is an Error, which callers do not expect of a class that is wired wrongly. They expect a
     * LocalizedException, so it becomes one, and the web APIs show its text and its parameters to the client.
     *
     * The TypeError's own text names this file and the line of the `new` below. Operators search for that text
     * and their monitoring matches on it, so the line is a fact about Commerce: 121.
     *
     * What else a constructor throws passes through unchanged.
     *
     * @param list<mixed> $arguments
     * @throws RuntimeException
     */
    private function createObject(string $type, array $arguments): object
    {
        try {
            return new $type(...$arguments);
        } catch (TypeError $error) {
            throw new RuntimeException(self::TYPE_ERROR, ['type' => $type, 'msg' => $error->getMessage()], $error);
        }
    }
}
