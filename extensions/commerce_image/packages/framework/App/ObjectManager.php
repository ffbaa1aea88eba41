<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use LogicException;
use Magento\Framework\ObjectManager\ConfigInterface;
use Magento\Framework\ObjectManager\Factory\AbstractFactory;
use Magento\Framework\ObjectManager\ObjectManager as BaseObjectManager;
use Magento\Framework\ObjectManagerInterface;

/**
 * The application's object manager, also for code that nobody gave one.
 */
class ObjectManager extends BaseObjectManager
{
    private static ?ObjectManagerInterface $instance = null;

    /**
     * @param array<class-string, object> $sharedInstances
     */
    public function __construct(AbstractFactory $factory, ConfigInterface $config, array $sharedInstances = [])
    {
        parent::__construct($factory, $config, $sharedInstances);
        self::$instance = $this;
    }

    public static function getInstance(): ObjectManagerInterface
    {
        return self::$instance ?? throw new LogicException('The object manager is not there yet.');
    }
}
