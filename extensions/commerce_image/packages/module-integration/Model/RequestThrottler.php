<?php

declare(strict_types=1);

namespace Magento\Integration\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Exception\AuthenticationException;
use Magento\Framework\Stdlib\DateTime;
use Magento\Integration\Model\ResourceModel\RequestLog;

/**
 * Refuses token requests for a name after too many failed ones, whether there is such a customer or not.
 */
class RequestThrottler
{
    public const REFUSAL = 'The account sign-in was incorrect or your account is disabled temporarily. '
        . 'Please wait and try again later.';

    private const MAX_FAILURES_PATH = 'oauth/authentication_lock/max_failures_count';
    private const TIMEOUT_SECONDS_PATH = 'oauth/authentication_lock/timeout';

    public function __construct(
        private readonly RequestLog $requestLog,
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly DateTime $dateTime,
    ) {
    }

    /**
     * @throws AuthenticationException
     */
    public function throttle(string $userName): void
    {
        if (!$this->isEnabled()) {
            return;
        }
        $this->requestLog->deleteExpired($userName, $this->dateTime->formatNow());
        if ($this->requestLog->getFailures($userName) >= $this->getMaxFailures()) {
            throw new AuthenticationException(self::REFUSAL);
        }
    }

    public function logFailure(string $userName): void
    {
        if ($this->isEnabled()) {
            $lockExpires = $this->dateTime->now()->modify("+{$this->getTimeout()} seconds");
            $this->requestLog->addFailure($userName, $this->dateTime->format($lockExpires));
        }
    }

    public function reset(string $userName): void
    {
        if ($this->isEnabled()) {
            $this->requestLog->delete($userName);
        }
    }

    private function isEnabled(): bool
    {
        return $this->getMaxFailures() > 0 && $this->getTimeout() > 0;
    }

    private function getMaxFailures(): int
    {
        return (int)$this->scopeConfig->getValue(self::MAX_FAILURES_PATH);
    }

    private function getTimeout(): int
    {
        return (int)$this->scopeConfig->getValue(self::TIMEOUT_SECONDS_PATH);
    }
}
