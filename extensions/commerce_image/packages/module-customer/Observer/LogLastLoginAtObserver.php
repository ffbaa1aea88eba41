<?php

declare(strict_types=1);

namespace Magento\Customer\Observer;

use Magento\Customer\Model\ResourceModel\CustomerLog;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Stdlib\DateTime;

class LogLastLoginAtObserver implements ObserverInterface
{
    public function __construct(
        private readonly CustomerLog $customerLog,
        private readonly DateTime $dateTime,
    ) {
    }

    public function execute(Observer $observer): void
    {
        $this->customerLog->saveLastLogin($observer->getData('customer')->getId(), $this->dateTime->formatNow());
    }
}
